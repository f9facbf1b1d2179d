"""The unified models. Written by `gen build`; do not edit."""

"""One package for each vendor. Written by `gen build`; do not edit."""

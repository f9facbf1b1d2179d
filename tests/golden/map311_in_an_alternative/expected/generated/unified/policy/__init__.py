"""The Cedar schema of policies, as data. Written by `gen build`; do not edit."""

"""What each vendor offers, as data. Written by `gen build`; do not edit."""

"""What a policy may speak of: the Cedar schema, as data. Written by `gen build`; do not edit."""

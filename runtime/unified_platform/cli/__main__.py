"""`python -m unified_platform.cli`."""

from unified_platform.cli import main

if __name__ == "__main__":
    main()

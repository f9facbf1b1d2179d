from unified_platform.cli import main

main()

"""`python -m careline.cli`, for where the script `careline` is not on the path."""

from careline.cli.commands import main

main()

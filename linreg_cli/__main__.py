"""Run linreg as ``python -m linreg_cli``."""

from linreg_cli.app import main

main()

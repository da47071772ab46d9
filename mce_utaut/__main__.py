"""``python -m mce_utaut``: the command line."""

from mce_utaut.cli import main

if __name__ == "__main__":
    main()

"""``python -m mce_utaut``: the command line."""

if __name__ == "__main__":
    # As early as Python lets us: Ctrl-C in the first moments is no traceback either.
    try:
        from mce_utaut.cli import main

        main()
    except KeyboardInterrupt:
        import sys

        print("error: Stopped. Nothing was half-written.", file=sys.stderr)
        sys.exit(130)

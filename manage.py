#!/usr/bin/env python
"""Runs management commands; `manage.py up` runs everything. See `manage.py help`."""

import os
import sys

from config.runtime.commandline import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(run(sys.argv))

"""How fast Layershelf is, each figure beside a floor measured in the same run: `make bench`."""

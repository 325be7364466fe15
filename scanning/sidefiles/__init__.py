"""Papers beside a model (README, LICENSE, datapackage.json) and what they tell of it. Pure: text goes in, values come out."""

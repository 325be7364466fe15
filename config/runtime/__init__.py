"""Embedded services and the processes of `manage.py up`. Nothing here imports Django while it is being imported."""

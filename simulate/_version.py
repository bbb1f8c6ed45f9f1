"""The version, which stands below everything else."""

__version__ = "0.11.0"

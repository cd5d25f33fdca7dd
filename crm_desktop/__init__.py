"""CRM Desktop: who matters to you, from the mail and contacts you already have."""

__version__ = "0.1.0"

"""Connectors: connect users to vendors by OAuth, for web applications and the command line."""

from unified_platform.oauth._async.connector import AsyncConnector
from unified_platform.oauth._sync.connector import Connector

__all__ = ["AsyncConnector", "Connector"]

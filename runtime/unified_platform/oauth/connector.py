"""Connectors of users to vendors by OAuth: `Connector`, and `AsyncConnector` for an event loop."""

from unified_platform.oauth._async.connector import AsyncConnector as AsyncConnector
from unified_platform.oauth._sync.connector import Connector as Connector

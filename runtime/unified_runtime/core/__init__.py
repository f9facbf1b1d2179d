"""Types and protocols that every layer shares: errors, records, requests, credentials and connections."""

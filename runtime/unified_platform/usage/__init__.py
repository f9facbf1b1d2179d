"""What calls came to: a ledger per agent, user, tool, vendor and day, what they cost, and quotas that end in time."""

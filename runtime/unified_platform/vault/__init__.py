"""The vault: connections and their secrets, encrypted at rest."""

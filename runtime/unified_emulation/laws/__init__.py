"""Laws that hold for every mapping, decided by running compiled adapters against an emulator."""

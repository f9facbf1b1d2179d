"""Writers of literals for the query languages of vendors.

Each module is one language, each function one type: it gives the text of a literal that holds exactly this value, or raises
`UnwritableValue`. Nothing in a value can end its literal. Clauses are put together from constant text and such literals only.
"""

"""Writers of literals for the query languages of vendors, safe against injection.

Each module is one language, each function one type: it returns the text of a literal with exactly this value, or raises
`UnwritableValue`. No value can end its literal. Clauses consist only of constant text and such literals.
"""

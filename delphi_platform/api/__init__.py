"""The REST API, version 1: reads studies and results for accounts, takes answers from panel members.

Codes name everything; no primary key, and never a person beside an answer.
"""

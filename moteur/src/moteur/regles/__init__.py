"""Les règles, une par fichier : son code, sa phrase officielle (la docstring), sa source, ses dates.

`catalogue` les énumère.
"""

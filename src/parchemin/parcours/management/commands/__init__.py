"""`parchemin gerer …`"""

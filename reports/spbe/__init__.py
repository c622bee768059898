"""What the report is for others: evidence for SPBE and Pemdi, BSSN's forms, the map of agencies, open data."""

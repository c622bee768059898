"""Tables for spreadsheets, as the whole program writes them."""

from auditor.spreadsheet import Cell, Column, Sheet, delimited, guarded, workbook

__all__ = ["Cell", "Column", "Sheet", "delimited", "guarded", "workbook"]

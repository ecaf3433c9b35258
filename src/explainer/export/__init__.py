"""The tables to take away: as pages, and as files that spreadsheets, databases and catalogs read."""

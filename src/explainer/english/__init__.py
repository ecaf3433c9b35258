"""English as newspapers write it: numbers, dates, typography and phrases. One place for all who read text."""

"""Recognizing and writing the English of newspapers: numbers, dates, names, typography and phrases."""

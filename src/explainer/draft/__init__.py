"""A first fact sheet for any news article, proposed by rules for an editor to accept or strike.

``sheet.draft`` reads a copy of an article and returns the tables; the other modules find dates, numbers,
names, speakers and the shortest selector of each. The rules are those of English news style and know no
story, only `explainer.english.vocabulary`, the dateline and the project's gazetteer.
"""

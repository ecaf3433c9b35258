"""A first fact sheet for any news article, proposed by rules for an editor to accept or strike.

``sheet.draft`` reads a copy of an article and returns the tables; the modules beside it find dates, numbers,
names, speakers and the shortest selector of each. The rules are those of English news style. They know no
story: what they know is in `vocabulary`, in the dateline and in the project's gazetteer.
"""

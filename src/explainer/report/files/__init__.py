"""What goes out beside the pages: charts as files, embeds, the social card, data, words for machines."""

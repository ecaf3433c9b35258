"""What a page is made of: figures, values, derivations, notebook pages, and the files beside them."""

"""The programs that render: Quarto where it is found, else Pandoc and Typst."""

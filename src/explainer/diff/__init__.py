"""What an edit does to the report: two versions of a project, made by the same library, side by side."""

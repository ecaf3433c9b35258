"""What must hold before a report is published: prose, numbers and pages."""

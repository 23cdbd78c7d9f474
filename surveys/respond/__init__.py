"""The expert's questionnaire: pages, saving, receipt."""

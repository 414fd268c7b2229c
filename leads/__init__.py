"""Leads, companies, activities, BANT answers, campaigns, stages, import and export."""

"""Settings: who belongs to the organisation and what they may do, API keys, e-mails, the audit trail."""

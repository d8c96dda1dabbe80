"""The creditor's side: connections, previews, import runs and the ledger of submissions."""

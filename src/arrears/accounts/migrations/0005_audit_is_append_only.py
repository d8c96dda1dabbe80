"""The database itself refuses to change or remove a line of the audit trail."""

from typing import ClassVar

from django.db import migrations

_REFUSE = """
create function accounts_audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'The audit trail is append-only.';
end
$$;
create trigger accounts_audit_append_only before update or delete on accounts_auditentry
    for each row execute function accounts_audit_refuse();
"""

_REFUSE_NO_MORE = """
drop trigger accounts_audit_append_only on accounts_auditentry;
drop function accounts_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_people")]

    operations: ClassVar = [migrations.RunSQL(_REFUSE, _REFUSE_NO_MORE)]

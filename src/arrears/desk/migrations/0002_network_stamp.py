"""Give the network a new stamp whenever a partner or a coverage rule changes, whoever changes it."""

from django.db import migrations

_CREATE = """
create function desk_stamp_network() returns trigger language plpgsql as $$
begin
    insert into desk_networkstamp (id, stamp) values (1, gen_random_uuid())
    on conflict (id) do update set stamp = excluded.stamp;
    return null;
end
$$;
create trigger desk_partner_changed after insert or update or delete or truncate on desk_partner
    for each statement execute function desk_stamp_network();
create trigger desk_rule_changed after insert or update or delete or truncate on desk_coveragerule
    for each statement execute function desk_stamp_network();
"""

_DROP = """
drop trigger desk_rule_changed on desk_coveragerule;
drop trigger desk_partner_changed on desk_partner;
drop function desk_stamp_network();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunSQL(_CREATE, _DROP)]

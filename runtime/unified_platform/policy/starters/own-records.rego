# Grant: people's own tasks and comments, and new ones.
# What is one's own is told by the vendor's id of the user, which a connection has where it was given (`account_id`);
# without it, nothing is.
package unified.policy

import rego.v1

owned := {"tasks", "comments"}

allow if {
	input.resource in owned
	input.account_id
	input.like == "create"
}

allow if {
	input.resource in owned
	input.account_id
	not input.record
}

allow if {
	input.resource == "tasks"
	input.record.creator_id == input.account_id
}

allow if {
	input.resource == "tasks"
	input.account_id in input.record.assignee_ids
}

allow if {
	input.resource == "comments"
	input.record.author_id == input.account_id
}

# The record decides, once it is known.
on_record contains "own-records" if {
	input.like != "create"
	not input.record
}

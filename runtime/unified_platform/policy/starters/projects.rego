# Grant: these projects and their tasks, and no others.
package unified.policy

import rego.v1

projects := {"PROJ", "OPS"}

covered := {"tasks", "projects"}

allow if {
	input.resource in covered
	not input.record
}

allow if {
	input.resource == "tasks"
	input.record.project_id in projects
}

allow if {
	input.resource == "projects"
	input.record.id in projects
}

# The record decides, once it is known.
on_record contains "projects" if not input.record

# A change must not take a task out of them.
deny contains "a task stays in the projects that are allowed" if {
	input.resource == "tasks"
	input.operation == "update"
	"project_id" in input.cleared
}

deny contains "a task stays in the projects that are allowed" if {
	input.resource == "tasks"
	input.operation == "update"
	input.input.project_id
	not input.input.project_id in projects
}

# The vendor's own fields may name a project as well.
deny contains "the vendor's own fields could name another project" if {
	input.effect != "read"
	count(input.extra) > 0
}

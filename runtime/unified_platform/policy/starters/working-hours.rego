# Limit: changes are made from Monday to Friday, from 9 to 17 o'clock in the policy's time zone. Put it beside a grant.
package unified.policy

import rego.v1

deny contains "changes are made from Monday to Friday, 9 to 17 o'clock" if {
	input.effect != "read"
	not working
}

working if {
	input.local.weekday <= 5
	input.local.hour >= 9
	input.local.hour < 17
}

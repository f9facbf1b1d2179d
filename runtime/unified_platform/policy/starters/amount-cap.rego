# Limit: no amount over 1000, in whatever currency. Put it beside a grant.
# Decimals come as texts, so that no digit is lost on the way.
package unified.policy

import rego.v1

deny contains "amounts over 1000 are not for agents" if {
	input.resource == "deals"
	to_number(input.input.amount) > 1000
}

# The vendor's own fields may hold an amount as well.
deny contains "the vendor's own fields could hold an amount" if {
	input.resource == "deals"
	count(input.extra) > 0
}

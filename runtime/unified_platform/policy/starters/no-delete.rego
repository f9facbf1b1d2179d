# Limit: nothing is deleted. Put it beside a grant.
package unified.policy

import rego.v1

deny contains "nothing is deleted" if input.effect == "destructive"

# Grant: everything is allowed. Put limits beside it.
package unified.policy

import rego.v1

allow if true

# Arguments suffice: no record has to be shown.
on_record contains "anything" if false

# Run once by `bin/rails runner` on a fresh copy of the database: what a Redmine needs before its REST API can be used.
# The API keys are made up by the caller for this run and read from the environment.
Setting.rest_api_enabled = '1'
Setting.login_required = '1'              # without it an anonymous list answers 200 with nothing in it
Setting.host_name = 'redmine.test'
Setting.default_language = 'en'

def key!(user, value)
  Token.where(user_id: user.id, action: 'api').destroy_all
  Token.create!(user: user, action: 'api').update_column(:value, value)
end

admin = User.find_by!(login: 'admin')
admin.update!(must_change_passwd: false, firstname: 'Ada', lastname: 'Admin')
key!(admin, ENV.fetch('REDMINE_ADMIN_KEY'))

project = Project.create!(name: 'Demo', identifier: 'demo', is_public: false, enabled_module_names: %w[issue_tracking], trackers: Tracker.all)
paging = Project.create!(name: 'Paging', identifier: 'paging', is_public: false, enabled_module_names: %w[issue_tracking], trackers: Tracker.all)

worker = User.new(firstname: 'Wanda', lastname: 'Worker', mail: 'wanda@example.net', language: 'en')
worker.login = 'wanda'
worker.password = worker.password_confirmation = ENV.fetch('REDMINE_ADMIN_KEY')
worker.save!
Member.create!(project: project, user: worker, roles: [Role.givable.find_by!(name: 'Developer')])
Member.create!(project: project, user: admin, roles: [Role.givable.find_by!(name: 'Manager')])

# More issues than two pages hold: the REST API gives at most 100 at once.
PAGED = 250
tracker, status, priority = Tracker.first, IssueStatus.first, IssuePriority.default
Issue.transaction do
  PAGED.times do |n|
    Issue.create!(project: paging, author: admin, tracker: tracker, status: status, priority: priority, subject: "Paged #{n + 1}", notify: false)
  end
end

puts({
  version: Redmine::VERSION.to_s, admin_id: admin.id, worker_id: worker.id,
  project_id: project.id, project_key: project.identifier, paged_project_id: paging.id, paged: PAGED
}.to_json)

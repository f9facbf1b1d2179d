"""Responses of Linear, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from decimal import Decimal
from msgspec import Struct, field


class Issue(Struct, frozen=True, gc=False):
    id: str | None = None


class User(Struct, frozen=True, gc=False):
    id: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class ExternalUser(Struct, frozen=True, gc=False):
    display_name: str | None = field(name="displayName", default=None)


class ActorBot(Struct, frozen=True, gc=False):
    user_display_name: str | None = field(name="userDisplayName", default=None)


class Comment(Struct, frozen=True, gc=False):
    id: str | None = None
    issue: Issue | None = None
    body: str | None = None
    user: User | None = None
    external_user: ExternalUser | None = field(name="externalUser", default=None)
    bot_actor: ActorBot | None = field(name="botActor", default=None)
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class CommentResponseData(Struct, frozen=True, gc=False):
    comment: Comment | None = None


class CommentResponse(Struct, frozen=True, gc=False):
    data: CommentResponseData | None = None


class CommentPayload(Struct, frozen=True, gc=False):
    comment: Comment | None = None


class CommentCreateResponseData(Struct, frozen=True, gc=False):
    comment_create: CommentPayload | None = field(name="commentCreate", default=None)


class CommentCreateResponse(Struct, frozen=True, gc=False):
    data: CommentCreateResponseData | None = None


class CommentUpdateResponseData(Struct, frozen=True, gc=False):
    comment_update: CommentPayload | None = field(name="commentUpdate", default=None)


class CommentUpdateResponse(Struct, frozen=True, gc=False):
    data: CommentUpdateResponseData | None = None


class PageInfo(Struct, frozen=True, gc=False):
    has_next_page: bool | None = field(name="hasNextPage", default=None)
    end_cursor: str | None = field(name="endCursor", default=None)


class CommentConnection(Struct, frozen=True, gc=False):
    nodes: list[Comment] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class CommentsResponseData(Struct, frozen=True, gc=False):
    comments: CommentConnection | None = None


class CommentsResponse(Struct, frozen=True, gc=False):
    data: CommentsResponseData | None = None


class Team(Struct, frozen=True, gc=False):
    id: str | None = None


class TeamConnection(Struct, frozen=True, gc=False):
    nodes: list[Team] | None = None


class Project(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    slug_id: str | None = field(name="slugId", default=None)
    description: str | None = None
    teams: TeamConnection | None = None
    archived_at: str | None = field(name="archivedAt", default=None)
    url: str | None = None


class ProjectResponseData(Struct, frozen=True, gc=False):
    project: Project | None = None


class ProjectResponse(Struct, frozen=True, gc=False):
    data: ProjectResponseData | None = None


class ProjectPayload(Struct, frozen=True, gc=False):
    project: Project | None = None


class ProjectCreateResponseData(Struct, frozen=True, gc=False):
    project_create: ProjectPayload | None = field(name="projectCreate", default=None)


class ProjectCreateResponse(Struct, frozen=True, gc=False):
    data: ProjectCreateResponseData | None = None


class MutationProjectUpdateResponseData(Struct, frozen=True, gc=False):
    project_update: ProjectPayload | None = field(name="projectUpdate", default=None)


class MutationProjectUpdateResponse(Struct, frozen=True, gc=False):
    data: MutationProjectUpdateResponseData | None = None


class ProjectConnection(Struct, frozen=True, gc=False):
    nodes: list[Project] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class ProjectsResponseData(Struct, frozen=True, gc=False):
    projects: ProjectConnection | None = None


class ProjectsResponse(Struct, frozen=True, gc=False):
    data: ProjectsResponseData | None = None


class Cycle(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    starts_at: str | None = field(name="startsAt", default=None)
    ends_at: str | None = field(name="endsAt", default=None)
    completed_at: str | None = field(name="completedAt", default=None)


class CycleConnection(Struct, frozen=True, gc=False):
    nodes: list[Cycle] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class CyclesResponseData(Struct, frozen=True, gc=False):
    cycles: CycleConnection | None = None


class CyclesResponse(Struct, frozen=True, gc=False):
    data: CyclesResponseData | None = None


class WorkflowState(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    type: str | None = None


class WorkflowStateConnection(Struct, frozen=True, gc=False):
    nodes: list[WorkflowState] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class WorkflowStatesResponseData(Struct, frozen=True, gc=False):
    workflow_states: WorkflowStateConnection | None = field(name="workflowStates", default=None)


class WorkflowStatesResponse(Struct, frozen=True, gc=False):
    data: WorkflowStatesResponseData | None = None


class TasksWorkflowState(Struct, frozen=True, gc=False):
    type: str | None = None
    name: str | None = None


class TasksProject(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksCycle(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksUser(Struct, frozen=True, gc=False):
    id: str | None = None


class IssueLabel(Struct, frozen=True, gc=False):
    name: str | None = None


class IssueLabelConnection(Struct, frozen=True, gc=False):
    nodes: list[IssueLabel] | None = None


class TasksIssue(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    description: str | None = None
    state: TasksWorkflowState | None = None
    priority: Decimal | None = None
    priority_label: str | None = field(name="priorityLabel", default=None)
    project: TasksProject | None = None
    parent: Issue | None = None
    cycle: TasksCycle | None = None
    assignee: TasksUser | None = None
    creator: TasksUser | None = None
    labels: IssueLabelConnection | None = None
    due_date: str | None = field(name="dueDate", default=None)
    completed_at: str | None = field(name="completedAt", default=None)
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)
    url: str | None = None


class IssueResponseData(Struct, frozen=True, gc=False):
    issue: TasksIssue | None = None


class IssueResponse(Struct, frozen=True, gc=False):
    data: IssueResponseData | None = None


class TasksIssueLabel(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class TasksIssueLabelConnection(Struct, frozen=True, gc=False):
    nodes: list[TasksIssueLabel] | None = None


class NamedResponseData(Struct, frozen=True, gc=False):
    issue_labels: TasksIssueLabelConnection | None = field(name="issueLabels", default=None)


class NamedResponse(Struct, frozen=True, gc=False):
    data: NamedResponseData | None = None


class TasksWorkflowState2(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None


class TasksWorkflowStateConnection(Struct, frozen=True, gc=False):
    nodes: list[TasksWorkflowState2] | None = None


class StateResponseData(Struct, frozen=True, gc=False):
    workflow_states: TasksWorkflowStateConnection | None = field(name="workflowStates", default=None)


class StateResponse(Struct, frozen=True, gc=False):
    data: StateResponseData | None = None


class IssuePayload(Struct, frozen=True, gc=False):
    issue: TasksIssue | None = None


class IssueCreateResponseData(Struct, frozen=True, gc=False):
    issue_create: IssuePayload | None = field(name="issueCreate", default=None)


class IssueCreateResponse(Struct, frozen=True, gc=False):
    data: IssueCreateResponseData | None = None


class TasksWorkflowState3(Struct, frozen=True, gc=False):
    name: str | None = None


class TasksIssue2(Struct, frozen=True, gc=False):
    description: str | None = None
    labels: IssueLabelConnection | None = None
    team: Team | None = None
    state: TasksWorkflowState3 | None = None


class TaskResponseData(Struct, frozen=True, gc=False):
    issue: TasksIssue2 | None = None


class TaskResponse(Struct, frozen=True, gc=False):
    data: TaskResponseData | None = None


class TasksWorkflowState4(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None
    name: str | None = None


class TasksWorkflowStateConnection2(Struct, frozen=True, gc=False):
    nodes: list[TasksWorkflowState4] | None = None


class TasksStateResponseData(Struct, frozen=True, gc=False):
    workflow_states: TasksWorkflowStateConnection2 | None = field(name="workflowStates", default=None)


class TasksStateResponse(Struct, frozen=True, gc=False):
    data: TasksStateResponseData | None = None


class IssueUpdateResponseData(Struct, frozen=True, gc=False):
    issue_update: IssuePayload | None = field(name="issueUpdate", default=None)


class IssueUpdateResponse(Struct, frozen=True, gc=False):
    data: IssueUpdateResponseData | None = None


class IssueConnection(Struct, frozen=True, gc=False):
    nodes: list[TasksIssue] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class IssuesResponseData(Struct, frozen=True, gc=False):
    issues: IssueConnection | None = None


class IssuesResponse(Struct, frozen=True, gc=False):
    data: IssuesResponseData | None = None


class UsersUser(Struct, frozen=True, gc=False):
    id: str | None = None
    display_name: str | None = field(name="displayName", default=None)
    name: str | None = None
    email: str | None = None
    active: bool | None = None
    avatar_url: str | None = field(name="avatarUrl", default=None)
    app: bool | None = None
    guest: bool | None = None


class ViewerResponseData(Struct, frozen=True, gc=False):
    viewer: UsersUser | None = None


class ViewerResponse(Struct, frozen=True, gc=False):
    data: ViewerResponseData | None = None


class UserResponseData(Struct, frozen=True, gc=False):
    user: UsersUser | None = None


class UserResponse(Struct, frozen=True, gc=False):
    data: UserResponseData | None = None


class UserConnection(Struct, frozen=True, gc=False):
    nodes: list[UsersUser] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class UsersResponseData(Struct, frozen=True, gc=False):
    users: UserConnection | None = None


class UsersResponse(Struct, frozen=True, gc=False):
    data: UsersResponseData | None = None


class Webhook(Struct, frozen=True, gc=False):
    id: str | None = None
    url: str | None = None
    resource_types: list[str] | None = field(name="resourceTypes", default=None)
    team: Team | None = None
    enabled: bool | None = None


class WebhookPayload(Struct, frozen=True, gc=False):
    webhook: Webhook | None = None


class WebhookCreateResponseData(Struct, frozen=True, gc=False):
    webhook_create: WebhookPayload | None = field(name="webhookCreate", default=None)


class WebhookCreateResponse(Struct, frozen=True, gc=False):
    data: WebhookCreateResponseData | None = None


class WebhookConnection(Struct, frozen=True, gc=False):
    nodes: list[Webhook] | None = None
    page_info: PageInfo | None = field(name="pageInfo", default=None)


class WebhooksResponseData(Struct, frozen=True, gc=False):
    webhooks: WebhookConnection | None = None


class WebhooksResponse(Struct, frozen=True, gc=False):
    data: WebhooksResponseData | None = None


class WebhookUpdateResponseData(Struct, frozen=True, gc=False):
    webhook_update: WebhookPayload | None = field(name="webhookUpdate", default=None)


class WebhookUpdateResponse(Struct, frozen=True, gc=False):
    data: WebhookUpdateResponseData | None = None

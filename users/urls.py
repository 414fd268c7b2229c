"""Addresses of people, sign-in and the first run."""

from django.contrib.auth import views as auth_views
from django.urls import path

from users.views import entry, invitations, people, profile, settings, teams

app_name = "users"
urlpatterns = [
    path("sign-in/", entry.SignIn.as_view(), name="sign_in"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="sign_out"),
    path("password/forgotten/", entry.forgotten, name="forgotten"),
    path("password/new/<uidb64>/<token>/", entry.NewPassword.as_view(), name="password_reset_confirm"),
    path("password/change/", entry.ChangePassword.as_view(), name="change_password"),
    path("profile/", profile.profile, name="profile"),
    path("tokens/", profile.tokens, name="tokens"),
    path("tokens/<int:owner>/<slug:prefix>/revoke/", profile.token_revoke, name="token_revoke"),
    path("people/", people.people_list, name="people"),
    path("people/invitations/", invitations.invitation_list, name="invitations"),
    path("people/invite/", invitations.invitation_new, name="invite"),
    path("people/invitations/<int:pk>/renew/", invitations.invitation_renew, name="invitation_renew"),
    path(
        "people/invitations/<int:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"
    ),
    path("people/teams/", teams.team_list, name="teams"),
    path("people/teams/<int:pk>/", teams.team_page, name="team"),
    path("people/<int:pk>/", people.person_page, name="person"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("setup/", settings.set_up, name="set_up"),
    path("setup/<str:token>/", settings.first_run, name="first_run"),
    path("settings/", settings.organisation, name="organisation"),
]

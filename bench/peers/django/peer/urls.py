from django.urls import path

from dossiers import views

urlpatterns = [
    path("readyz", views.ready),
    path("api/v1/dossiers", views.Dossiers.as_view()),
    path("api/v1/dossiers/<str:code>", views.OneDossier.as_view()),
    path("api/v1/dossiers/<str:code>/actions/<str:action>", views.Act.as_view()),
]
